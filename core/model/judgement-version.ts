/**
 * Names the rules of judging where they changed, so that a replay judges by those of the record.
 *
 * 1. An interruption is charged at probability ÷ horizon an hour, which falls short the longer the horizon is.
 * 2. It is charged at the hazard, −ln(1 − probability) ÷ horizon.
 * 3. Members of a group are placed one after the other, each with regard to those before it.
 * 4. What is saved is stated against what is paid where it stands, On-Demand or Spot, and of all members or nodes that are to go together.
 * 5. With nodes is told what their move may cost beyond them: pods behind balancers by their addresses, sidecars, lower priorities, volumes of one zone, addresses.
 *    A group belongs to a platform also by the tags of its members.
 * 6. Where quarantine alone leaves no candidate, the verdict has a code of its own and says what ends it.
 * 7. An earlier attempt that failed holds back a way to On-Demand too that nobody asked for.
 * 8. Members of a group that stand on Spot move to other pools few at a time: a tenth of the group an hour, and none leaves Spot or its pool within six hours of the switch that has brought it.
 * 9. A node is refused whose pods tolerate its cordon: evicted, they may come back to it for ever.
 */
export const judgementVersions = [1, 2, 3, 4, 5, 6, 7, 8, 9] as const;
export type JudgementVersion = (typeof judgementVersions)[number];

/** By which new verdicts are given. */
export const currentJudgementVersion: JudgementVersion = 9;

/** Of a stored verdict; the first version did not say so. */
export const judgementVersionOf = (verdict: {
  readonly judgementVersion?: JudgementVersion;
}): JudgementVersion => verdict.judgementVersion ?? 1;

/** What a verdict says of it: nothing in the first version, so that older records stay as they are, byte for byte. */
export const judgementMark = (
  version: JudgementVersion,
): { readonly judgementVersion?: JudgementVersion } =>
  version === 1 ? {} : { judgementVersion: version };
