for (const {name, marks} of JSON.parse(data.setup)) {
  if (!marks || !state.folds) { continue }
  const body = state.folds.get(name).querySelector(".body")
  body.name(marks)
  body.show()
}
