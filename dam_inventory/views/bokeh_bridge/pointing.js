// How the views of one page say which dam is pointed at, without the server: by events "row" and "dots".
const pointing = (document) => (document.dam_inventory_pointing ??= new EventTarget())
const point = (document, from, detail) => pointing(document).dispatchEvent(new CustomEvent(from, {detail}))
// Call `act` with every event, also if this script runs again.
const onPointed = (document, from, act) => {
  pointing(document).removeEventListener(from, state.pointed?.[from])
  state.pointed = {...state.pointed, [from]: (event) => act(event.detail)}
  pointing(document).addEventListener(from, state.pointed[from])
}
// Call `act` whenever a figure shows another part of the world.
const follow = ({x_range, y_range}, act) => { for (const range of [x_range, y_range]) { range.change.connect(act) } }
