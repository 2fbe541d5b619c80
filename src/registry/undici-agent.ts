import request from 'undici/lib/api/api-request.js'
import Agent from 'undici/lib/dispatcher/agent.js'

/**
 * The parts of undici that a direct connection needs, imported from their own files: the index also
 * loads fetch, WebSocket and mocks. These files are not a public interface, so package.json pins
 * the version.
 */
export { Agent, request }
