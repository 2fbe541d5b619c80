import type { FieldPath } from '../field-path.ts'
import { annotationsOf, type Resource } from '../krm/resource.ts'
import type { MappingNode, YamlNode, YamlTree } from '../yaml/tree/node.ts'
import { entryOf, nodeAt, offsetOfText, textOf } from '../yaml/tree/value.ts'

/**
 * An object with images: a resource, or an object inside one (of an OpenShift `Template`, or of
 * `resources` of a custom resource).
 */
export interface Workload {
  readonly resource: Resource
  /** Where the object is in the resource; empty for the resource itself. */
  readonly path: FieldPath
  readonly namespace: string | undefined
  readonly annotations: ReadonlyMap<string, string>
  /** The object that holds it; absent for the resource itself. */
  readonly around?: Workload
}

/** The resource itself as a workload. */
export const outermost = (resource: Resource): Workload => ({
  resource,
  path: [],
  namespace: resource.id.namespace,
  annotations: resource.annotations,
})

/**
 * Finds objects inside one resource: the innermost one with `apiVersion` and `kind` around a field;
 * undefined for the resource itself.
 */
export function nestedWorkloads(resource: Resource): (path: FieldPath) => Workload | undefined {
  const known = new Map<YamlNode, Workload | undefined>()
  let own: Workload | undefined
  let isNested: boolean | undefined
  return path => {
    if (isPodPath(path)) return undefined
    const { tree, root } = resource.open()
    isNested ??= holdsObjects(tree, root)
    if (!isNested) return undefined
    own ??= outermost(resource)
    let [workload, node]: [Workload | undefined, YamlNode | undefined] = [undefined, root]
    for (const [index, step] of path.entries()) {
      node = nodeAt(tree, node, [step])
      const object = node?.kind === 'alias' ? node.to : node
      if (object?.kind !== 'mapping') continue
      const nested: Workload | undefined = known.has(object)
        ? known.get(object)
        : nestedIn(workload ?? own, tree, object, path.slice(0, index + 1))
      known.set(object, nested)
      workload = nested ?? workload
    }
    return workload
  }
}

/**
 * Whether a path leads into the pod spec of a built-in workload: its template is not an object of
 * its own.
 */
function isPodPath(path: FieldPath): boolean {
  let depth = 0
  if (path[depth++] !== 'spec') return false
  if (path[depth] === 'jobTemplate' && path[depth + 1] === 'spec') depth += 2
  if (path[depth] === 'template' && path[depth + 1] === 'spec') depth += 2
  return path.length === depth + 3 && path.at(-1) === 'image'
}

/** Whether `apiVersion` occurs a second time: nearly no resource holds other objects. */
function holdsObjects(tree: YamlTree, root: MappingNode): boolean {
  const find = (from: number) => offsetOfText(tree, root, 'apiVersion', from, root.end)
  const first = find(root.start)
  return first !== -1 && find(first + 1) !== -1
}

function nestedIn(
  around: Workload,
  tree: YamlTree,
  object: MappingNode,
  path: FieldPath,
): Workload | undefined {
  const isObject = ['apiVersion', 'kind'].every(
    key => entryOf(tree, object, key)?.value.kind === 'scalar',
  )
  if (!isObject) return undefined
  const { resource } = around
  const annotations = nodeAt(tree, object, ['metadata', 'annotations'])
  const namespace = nodeAt(tree, object, ['metadata', 'namespace'])
  return {
    resource,
    path,
    namespace: namespace === undefined ? around.namespace : textOf(tree, namespace),
    annotations: annotationsOf(tree, annotations, resource.document),
    around,
  }
}
