// dynalite throws where a client goes away in the midst of its request, which ends the whole server. Such a request has done nothing.
process.on('uncaughtException', (error) => {
  if (error.code === 'ECONNRESET' && error.message === 'aborted') return
  console.error(error)
  process.exit(1)
})
