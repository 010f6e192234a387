caption.textContent = data.label
input.accept = data.accept
self.file()
input.onchange = () => {
  const [file] = input.files
  if (file === undefined) { return }
  chosen.textContent = file.name
  const tell = (content) => {
    data.file = [file.name, file.size, content]
    // So that the same file can be chosen again, after it was corrected.
    input.value = ""
  }
  if (file.size > data.most) { tell(""); return }
  const reader = new FileReader()
  reader.onload = () => { tell(reader.result.slice(reader.result.indexOf(",") + 1)) }
  reader.onerror = () => { tell("") }
  reader.readAsDataURL(file)
}
