const [, number, first, encoded] = data.part
const now = JSON.parse(data.content)
if (encoded === undefined || number !== now.number || !now.is_sent) { return }
const file = state.file(number)
if (first === file.size) {
  const bytes = Uint8Array.from(atob(encoded), (one) => one.charCodeAt(0))
  file.parts.push(bytes)
  file.size += bytes.length
}
if (file.size < now.size) { state.ask_for(number, file.size); return }
if (file.isSaved) { return }
file.isSaved = true
state.save(file, now.name).then(() => state.ask_for(number, file.size), () => state.ask("lost", number))
