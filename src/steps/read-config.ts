import { type Document, parseYamlText } from '../krm/document.ts'
import { type FunctionConfig, type Mode, readFunctionConfig } from '../krm/function-config.ts'
import { type Resource, wholeValue } from '../krm/resource.ts'
import type { Problems } from '../problems.ts'

/** What the functionConfig of the input is completed with. */
export interface ConfigSource {
  /** The mode if the functionConfig names none. */
  readonly mode: Mode
  /** Settings that win over the functionConfig, as strings: `['targets.markers', 'false']`. */
  readonly settings: readonly (readonly [key: string, value: string])[]
  /** Replaces the functionConfig if no document has one. */
  readonly functionConfig?: Document
}

/**
 * The functionConfig of a ResourceList, else the one that replaces it, with the settings.
 * `isSound`: nothing was wrong with it.
 */
export async function readConfig(
  documents: readonly Document[],
  { functionConfig: replacement, settings, mode }: ConfigSource,
  problems: Problems,
): Promise<{ config: FunctionConfig; functionConfig: Resource | undefined; isSound: boolean }> {
  const before = problems.errors.length
  const lists = documents.filter(({ writable, shape }) => writable && shape === 'ResourceList')
  let functionConfig: Resource | undefined
  for (const document of [...lists, ...(replacement ? [replacement] : [])])
    functionConfig ??= await problems.attemptAsync(() => document.functionConfig())
  const given = functionConfig && { id: functionConfig.id, value: wholeValue(functionConfig) }
  const config = await readFunctionConfig(given, settings, mode, parseYamlText, problems)
  return { config, functionConfig, isSound: problems.errors.length === before }
}
