coloring.value = data.color_by
window.damInventory?.set?.("color", data.color_by === data.usual ? "" : data.color_by || "plain")
