const {text, reloads, own, undoes, seen, epoch, warning: problem} = JSON.parse(data.content)
if (window.damInventory) { Object.assign(window.damInventory, {seen, epoch}) }
if (sentence.textContent !== text) { toast.classList.remove("whole") }
sentence.textContent = text
warning.textContent = problem
warning.hidden = problem === ""
toast.hidden = text === ""
// The toast may change while an answer is on its way: it says which toast it answers.
nevermind.value = close.value = data.content
reload.hidden = nevermind.hidden = !reloads
close.hidden = reloads
undo.hidden = !undoes
toast.classList.toggle("undoable", undoes)
undo.disabled = false
state.tell(own)
badge.hidden = data.waiting === 0 || text !== ""
// Both numbers where lists are watched: "2 / 5".
const concerned = data.concerned < 0 ? "" : data.concerned.toLocaleString("en")
count.textContent = `${concerned && `${concerned} / `}${data.waiting.toLocaleString("en")}`
const watched = concerned && ` Of watched lists: ${concerned}.`
badge.ariaLabel = `${data.waiting} new ${data.waiting === 1 ? "change" : "changes"}.${watched} Reload`
badge.title = concerned ? `${concerned} of ${data.waiting} concern watched lists. Reload to see them` : "Reload to see them"
unit.textContent = data.waiting === 1 ? "new change" : "new changes"
