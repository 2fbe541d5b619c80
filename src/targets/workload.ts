import type { FieldPath } from '../field-path.ts'
import { annotationsOf, type Resource } from '../krm/resource.ts'
import type { MappingNode, YamlNode, YamlTree } from '../yaml/tree/node.ts'
import { entryOf, nodeAt, placeOfText, textOf } from '../yaml/tree/value.ts'

/** An object with images: a resource, or an object inside one (of an OpenShift `Template`, or of `resources` of a custom resource). */
export interface Workload {
  readonly resource: Resource
  /** Where the object is in the resource; empty for the resource itself. */
  readonly path: FieldPath
  readonly namespace: string | undefined
  readonly annotations: ReadonlyMap<string, string>
}

/** The resource itself as a workload. */
export const outermost = (resource: Resource): Workload => ({
  resource,
  path: [],
  namespace: resource.id.namespace,
  annotations: resource.annotations,
})

/** Finds the workloads of one resource: the innermost object with `apiVersion` and `kind` around a field. */
export function workloadFinder(resource: Resource): (path: FieldPath) => Workload {
  const own = outermost(resource)
  const { tree, root } = resource.open()
  if (!holdsObjects(tree, root)) return () => own
  const known = new Map<YamlNode, Workload>()
  return path => {
    let [workload, node]: [Workload, YamlNode | undefined] = [own, root]
    for (const [index, step] of path.entries()) {
      node = nodeAt(tree, node, [step])
      const object = node?.kind === 'alias' ? node.to : node
      if (object?.kind !== 'mapping') continue
      const nested = known.get(object) ?? nestedIn(own, tree, object, path.slice(0, index + 1))
      known.set(object, nested ?? workload)
      workload = nested ?? workload
    }
    return workload
  }
}

/** Whether `apiVersion` occurs a second time: nearly no resource holds other objects. */
function holdsObjects(tree: YamlTree, root: MappingNode): boolean {
  const find = (from: number) => placeOfText(tree, root, 'apiVersion', from, root.end)
  const first = find(root.start)
  return first !== -1 && find(first + 1) !== -1
}

function nestedIn(
  own: Workload,
  tree: YamlTree,
  object: MappingNode,
  path: FieldPath,
): Workload | undefined {
  const isObject = ['apiVersion', 'kind'].every(
    key => entryOf(tree, object, key)?.value.kind === 'scalar',
  )
  if (!isObject) return undefined
  const { resource } = own
  const annotations = nodeAt(tree, object, ['metadata', 'annotations'])
  const namespace = nodeAt(tree, object, ['metadata', 'namespace'])
  return {
    resource,
    path,
    namespace: namespace === undefined ? own.namespace : textOf(tree, namespace),
    annotations: annotationsOf(tree, annotations, resource.document),
  }
}
