const {html, isReady} = JSON.parse(data.content)
// The server has escaped every text of it.
main.innerHTML = html
main.ariaBusy = String(!isReady)
