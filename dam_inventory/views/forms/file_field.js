caption.textContent = data.label
input.accept = data.accept
self.file()
input.onchange = () => {
  const [file] = input.files
  if (file === undefined) { return }
  chosen.textContent = file.name
  const current = Date.now()
  const tell = (first, content) => {
    data.file = [file.name, file.size, current, first, content]
    // So that the same file can be selected again after a correction.
    input.value = ""
  }
  state.send = (number, first) => {
    if (number !== current) { return }
    const reader = new FileReader()
    reader.onload = () => { tell(first, reader.result.slice(reader.result.indexOf(",") + 1)) }
    reader.onerror = () => { tell(first, "") }
    reader.readAsDataURL(file.slice(first, first + data.part))
  }
  if (file.size > data.most) { tell(0, "") } else { state.send(current, 0) }
}
