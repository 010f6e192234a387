// The tool calls this for every move of the mouse.
const dams = [...cb_data.index.indices].map((index) => Number(source.data.id[index]))
if (dams.join() === tool.tags.join()) { return }
tool.setv({tags: dams}, {sync: false})
point(tool.document, "dots", dams)
