/** Finds the capacity that an evaluation has reserved, as EC2 shows it now. */
import {
  findReservations,
  readReservation,
  type ReservationFacts,
} from "../../adapters/aws/ec2/capacity-reservations.ts";
import type { EvaluationId } from "../../core/model/ids.ts";
import { changesOf, type Intent } from "../../core/model/intent.ts";
import { evaluationTag } from "../../core/model/tags.ts";
import type { CustomerClients } from "../runtime/context.ts";

/** By id; by the evaluation's tag where the answer was lost that told it. */
export const findOwnReservations = async (
  { ec2 }: Pick<CustomerClients, "ec2">,
  evaluationId: EvaluationId,
  intents: readonly Intent[],
): Promise<readonly ReservationFacts[]> => {
  const [change] = changesOf(
    intents.filter(({ status }) => status !== "UNDONE"),
    "RESERVE_CAPACITY",
  );
  if (change === undefined) return [];
  if (change.reservationId === undefined) {
    return findReservations(ec2, { key: evaluationTag, value: evaluationId });
  }
  const found = await readReservation(ec2, change.reservationId);
  return found === undefined ? [] : [found];
};
