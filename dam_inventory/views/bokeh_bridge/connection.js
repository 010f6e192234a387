// bokehjs would take what begins to come now for the rest of a message that was cut off.
const forgetHalfMessage = (connection) => {
  if (connection?._receiver !== undefined) { connection._receiver = new connection._receiver.constructor() }
}
