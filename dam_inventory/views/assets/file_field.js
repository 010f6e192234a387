caption.textContent = data.label
input.accept = data.accept
input.onchange = () => {
  const [file] = input.files
  if (file === undefined) { return }
  if (file.size > data.most) { data.file = [file.name, file.size, ""]; return }
  const reader = new FileReader()
  reader.onload = () => {
    data.file = [file.name, file.size, reader.result.slice(reader.result.indexOf(",") + 1)]
  }
  reader.onerror = () => { data.file = [file.name, 0, ""] }
  reader.readAsDataURL(file)
}
