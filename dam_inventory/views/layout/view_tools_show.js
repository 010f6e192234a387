coloring.value = data.color_by
window.damInventory?.set?.("color", data.color_by === data.usual ? "" : data.color_by || "plain")
window.damInventory?.set?.("clusters", data.clusters ? "yes" : "")
system.value = data.units
const isUsual = data.units === (state.remembered() ?? system.options[0].value) && data.units === system.options[0].value
window.damInventory?.set?.("units", isUsual ? "" : data.units)
