// The file stays in the window, because the card may be drawn again while it is sent.
const files = window.damImports ??= {}
const begin = (all) => {
  const [file] = all
  if (!file) { return }
  chosen.textContent = all.length > 1 ? `One file at a time: "${file.name}" was taken.` : ""
  files[data.id] = file
  state.ask("begin", file.name, file.size)
}
input.onchange = () => {
  begin([...input.files])
  // So that the same file can be chosen again after a correction.
  input.value = ""
}
const isFiles = (event) => event.dataTransfer?.types.includes("Files")
const over = (isOver) => drop.classList.toggle("over", isOver)
card.ondragover = (event) => {
  if (!isFiles(event) || choose.hidden) { return }
  event.preventDefault()
  over(true)
}
card.ondragleave = (event) => { if (!card.contains(event.relatedTarget)) { over(false) } }
card.ondrop = (event) => {
  if (!isFiles(event) || choose.hidden) { return }
  event.preventDefault()
  over(false)
  begin([...event.dataTransfer.files])
}
let sent = ""
// The server asks for the next part when it has the one before.
state.send = ({number: upload, first, part}) => {
  const key = `${upload} ${first}`
  if (key === sent) { return }
  sent = key
  const reader = new FileReader()
  reader.onload = () => {
    const {result} = reader
    data.part = [upload, first, result.slice(result.indexOf(",") + 1)]
  }
  reader.onerror = () => state.ask("unreadable")
  const file = files[data.id]
  if (file) { reader.readAsDataURL(file.slice(first, first + part)) } else { state.ask("unreadable") }
}
state.rest = () => { sent = "" }
