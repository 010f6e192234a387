const now = JSON.parse(data.content)
if (said.textContent !== now.said) { said.textContent = now.said }
if (now.is_sent) { state.ask_for(now.number, state.file(now.number).size) } else { state.forget() }
