// bokehjs would take the next message for the rest of the one that was interrupted.
const forgetHalfMessage = (connection) => {
  if (connection?._receiver !== undefined) { connection._receiver = new connection._receiver.constructor() }
}
