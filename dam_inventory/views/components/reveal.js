// Scroll only as far as needed, again and again while the contents are drawn step by step.
const {el} = Bokeh.index.find_one(cb_obj)
if (cb_obj.tags[0] === "top") {
  el.scrollTop = 0
  for (let host = el; host; host = host.getRootNode().host) { host.enter?.(el, cb_obj.tags[2]) }
  return
}
const observer = new ResizeObserver(() => el.scrollIntoView({block: "nearest"}))
const stop = () => observer.disconnect()
observer.observe(el)
setTimeout(stop, 1500)
for (const kind of ["wheel", "touchmove", "keydown"]) {
  addEventListener(kind, stop, {once: true, passive: true})
}
