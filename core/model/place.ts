/** One account in one region: what is read together, and what AWS's request limits are for. */
import type { AccountId } from "./ids.ts";

export interface Place {
  readonly accountId: AccountId;
  readonly region: string;
}

/** `444455556666#eu-central-1` */
export const placeKey = ({ accountId, region }: Place): string => `${accountId}#${region}`;
