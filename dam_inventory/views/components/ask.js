state.sent = []
// Panel keeps only the last value of a property that changes twice in a moment, so send all
// actions that are not known to be done.
state.ask = (...action) => {
  const {done = 0} = JSON.parse(data.content)
  const last = state.sent.at(-1)?.[0] ?? 0
  state.sent = state.sent.filter(([number]) => number > done)
  state.sent.push([Math.max(done, last) + 1, ...action])
  data.asked = JSON.stringify(state.sent)
}
