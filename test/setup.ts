import fc from 'fast-check'

/**
 * The same cases in every run, so that a failure is a change's own; `FC_SEED=$RANDOM npm test`
 * looks for new ones.
 */
fc.configureGlobal({ seed: Number(process.env.FC_SEED ?? 1), endOnFailure: true })
