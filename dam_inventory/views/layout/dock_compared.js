compare.textContent = data.compared ? `Compare (${data.compared})` : "Compare"
