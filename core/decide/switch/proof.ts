/** Do the proofs of the application hold? One that does not, or whose answer is not known, is not a proof. */
import type { ProofReading } from "../../model/proof.ts";
import type { TargetGroupStanding } from "../../model/target-group.ts";

/** Names the first that does not hold; undefined when all do. */
export const unprovedIn = (readings: readonly ProofReading[]): string | undefined => {
  const failed = readings.filter(({ holds }) => !holds);
  const [first] = failed;
  if (first === undefined) return undefined;
  const others = failed.length - 1;
  const also = others === 0 ? "" : ` And ${String(others)} more.`;
  return `The application is not proved: ${first.sentence}${also}`;
};

/** Of an instance in its target groups. */
export const judgeGroupProof = (
  standings: readonly { readonly arn: string; readonly standing: TargetGroupStanding }[],
): Pick<ProofReading, "holds" | "sentence"> => {
  if (standings.length === 0) {
    return { holds: false, sentence: "it is registered in no target group by its id." };
  }
  const other = standings.find(({ standing }) => standing !== "ready");
  return other === undefined
    ? { holds: true, sentence: `healthy in ${String(standings.length)}.` }
    : { holds: false, sentence: `it is ${other.standing} in ${other.arn}.` };
};
