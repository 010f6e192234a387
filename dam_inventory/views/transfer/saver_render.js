// The parts stay in the window, because this may be drawn again while they arrive.
const files = window.damExports ??= {}
state.file = (number) => {
  if (files[data.id]?.number !== number) { files[data.id] = {number, parts: [], size: 0} }
  return files[data.id]
}
state.ask_for = (number, first) => {
  const key = `${number} ${first}`
  if (key === state.wanted) { return }
  state.wanted = key
  state.ask("part", number, first)
}
state.forget = () => { delete files[data.id] }
state.save = async ({parts}, name) => {
  const whole = new Blob(parts).stream().pipeThrough(new DecompressionStream("gzip"))
  const link = document.createElement("a")
  link.href = URL.createObjectURL(await new Response(whole).blob())
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}
self.content()
