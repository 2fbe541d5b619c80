/** The scope that is always asked for: `repository:acme/web:pull`. */
export const pullTokenScope = (name: string): string => `repository:${name}:pull`

/** `metadata_read` is what Azure asks for on tag lists. Source: Azure/acr#600, #676. */
const readingActions = ['pull', 'metadata_read']

/**
 * The scopes of a challenge, limited to reading the repository `name`. A registry could otherwise
 * make us fetch a token, with the user's password, that can push, or that is for a repository of
 * somebody else at the same token server.
 */
export function readingTokenScopes(scope: string | undefined, name: string): readonly string[] {
  const prefix = `repository:${name}:`
  return (scope ?? '').split(/\s+/).flatMap(wanted => {
    if (!wanted.startsWith(prefix)) return []
    const actions = wanted.slice(prefix.length).split(',')
    const reading = readingActions.filter(action => actions.includes(action))
    return reading.length === 0 ? [] : [`${prefix}${reading.join(',')}`]
  })
}
