const {text, reloads, own, undoes, seen, epoch, warning: problem} = JSON.parse(data.content)
if (window.damInventory) { Object.assign(window.damInventory, {seen, epoch}) }
sentence.textContent = text
warning.textContent = problem
warning.hidden = problem === ""
toast.hidden = text === ""
reload.hidden = nevermind.hidden = !reloads
close.hidden = reloads
undo.hidden = !undoes
undo.disabled = false
state.tell(own)
badge.hidden = data.waiting === 0 || text !== ""
count.textContent = data.waiting.toLocaleString("en")
badge.ariaLabel = `${data.waiting} new ${data.waiting === 1 ? "change" : "changes"}. Reload`
unit.textContent = data.waiting === 1 ? "new change" : "new changes"
