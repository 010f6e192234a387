const {charts} = JSON.parse(data.numbers)
if (charts !== undefined && state.cards !== undefined) { state.show(charts) }
