// Bokeh draws its tools as plain elements with a title.
const view = Bokeh.index.find_one(cb_obj)
const inside = (top) => [...top.querySelectorAll("*")].flatMap((one) => one.shadowRoot ? [one, ...inside(one.shadowRoot)] : [one])
const name = () => {
  view.canvas_view.events_el.tabIndex = -1
  for (const one of inside(view.shadow_el)) {
    if (one.title && one.tabIndex === 0) { Object.assign(one, {role: "button", ariaLabel: one.title}) }
  }
}
if (view) { requestAnimationFrame(name) }
