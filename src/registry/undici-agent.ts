import request from 'undici/lib/api/api-request.js'
import Agent from 'undici/lib/dispatcher/agent.js'

/**
 * What a direct connection needs of undici, by the files that define it: the index also loads fetch, WebSocket and mocks. They are not its
 * public interface, so package.json pins its version.
 */
export { Agent, request }
