// The line for the person's own change leaves after a while, but not from under their hands.
const LEAVES_AFTER = 6000

let told = 0
let answers = 0
const say = (what) => { data.said = `${what} ${told} ${++answers}` }
// An animation of nothing: a clock that can be paused.
const clock = toast.animate([], {duration: LEAVES_AFTER, id: "leave"})
clock.cancel()
// Not `:hover`, which stays after a touch.
let isOver = false
const isHeld = () => isOver || toast.matches(":focus-within")
const go_on = () => { if (told && !isHeld()) { clock.play() } }
state.tell = (own) => {
  if (own === told) { return }
  told = own
  isOver &&= !toast.hidden
  clock.cancel()
  go_on()
}
clock.onfinish = () => window.damInventory?.isAway ? go_on() : say("leave")
toast.onpointerenter = () => { isOver = true; clock.cancel() }
toast.onpointerleave = () => { isOver = false; go_on() }
toast.addEventListener("focusin", () => clock.cancel())
toast.addEventListener("focusout", () => requestAnimationFrame(go_on))
show.onclick = () => {
  toast.classList.add("whole")
  toast.querySelector(".actions .main:not([hidden])")?.focus()
}
undo.onclick = () => {
  undo.disabled = true
  say("undo")
}
