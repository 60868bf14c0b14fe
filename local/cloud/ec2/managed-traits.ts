/** Whether a service of AWS runs an instance for its account, and how far the account sees it. */

export interface ManagedTraits {
  readonly operatorManaged: boolean;
  /** EC2 shows it only to those who ask for managed resources too. */
  readonly isHidden: boolean;
}
