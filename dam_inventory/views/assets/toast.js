const {sentence: text, reloads} = JSON.parse(data.content)
sentence.textContent = text
toast.hidden = text === ""
reload.hidden = nevermind.hidden = !reloads
close.hidden = reloads
badge.hidden = data.waiting === 0 || text !== ""
count.textContent = data.waiting.toLocaleString("en")
badge.ariaLabel = `${data.waiting} new ${data.waiting === 1 ? "change" : "changes"}. Reload`
unit.textContent = data.waiting === 1 ? "new change" : "new changes"
