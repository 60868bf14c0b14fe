/** What EC2 asks of KMS about a key. */
interface Place {
  readonly accountId: string;
  readonly region: string;
}

/** Answered by KMS. */
export interface KeyRules {
  /** ARN of the key that AWS keeps for EBS in the account's region: `aws/ebs`. */
  managedKey(place: Place): string;
  /** By its id, its ARN or an alias; undefined where there is none. */
  arnOf(place: Place, named: string): string | undefined;
  /** A key that a scenario names: made, open to all of the account, unless it is there. */
  ensure(place: Place, keyId: string): void;
  isUsable(keyId: string): boolean;
  /** Does its policy or a grant let AWS's role for Spot of the account use it through EC2? */
  isOpenToSpot(place: Place, keyId: string): boolean;
}
