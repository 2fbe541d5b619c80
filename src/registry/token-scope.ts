/** What is always asked for: `repository:acme/web:pull`. */
export const pullTokenScope = (name: string): string => `repository:${name}:pull`

/**
 * The scopes that a challenge names, without what a reader never needs: a registry must not make us fetch a token that can push.
 * `pull,metadata_read` is what Azure wants for tag lists.
 */
export function readingTokenScopes(scope: string | undefined): readonly string[] {
  return (scope ?? '').split(/\s+/).flatMap(wanted => {
    if (wanted === '' || wanted.length > 500) return []
    const [, resource, actions] = /^(repository(?:\([^)]*\))?:.+):([^:]*)$/.exec(wanted) ?? []
    if (actions === undefined) return [wanted]
    const reading = actions
      .split(',')
      .filter(action => action === 'pull' || action === 'metadata_read')
    return [`${resource}:${reading.join(',') || 'pull'}`]
  })
}
