// What has the focus, in whichever shadow; null if nothing has.
const focused = () => {
  let one = document.activeElement
  while (one?.shadowRoot?.activeElement) { one = one.shadowRoot.activeElement }
  return one === document.body ? null : one
}
