const degrees = 180 / Math.PI
const wrapped = (((cb_obj.x / radius * degrees + 180) % 360) + 360) % 360 - 180
const latitude = (2 * Math.atan(Math.exp(cb_obj.y / radius)) - Math.PI / 2) * degrees
const text = cb_obj.event_name === "mouseleave" ? ""
  : `Longitude ${wrapped.toFixed(4)}°  Latitude ${latitude.toFixed(4)}°`
// Do not send every move of the pointer to the server.
label.setv({text}, {sync: false})
