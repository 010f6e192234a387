caption.textContent = data.label
input.accept = data.accept
self.file()
input.onchange = () => {
  const [file] = input.files
  if (file === undefined) { return }
  chosen.textContent = file.name
  const send = (content) => {
    data.file = [file.name, file.size, content]
    // So that the same file can be selected again after a correction.
    input.value = ""
  }
  if (file.size > data.most) { send(""); return }
  const reader = new FileReader()
  reader.onload = () => { send(reader.result.slice(reader.result.indexOf(",") + 1)) }
  reader.onerror = () => { send("") }
  reader.readAsDataURL(file)
}
