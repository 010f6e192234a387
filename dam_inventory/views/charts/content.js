const {done, chosen} = JSON.parse(data.content)
state.chosen = chosen
state.sent = (state.sent ?? []).filter(([number]) => number > done)
for (const card of state.cards?.values() ?? []) { state.draw(card) }
