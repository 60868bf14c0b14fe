/** Why a target may not be acted on, whatever its mode: what was registered stands against it. */
export const registrationReasons = [
  "ACCOUNT_DISABLED",
  "REGION_NOT_CONNECTED",
  "REGION_NOT_SERVED",
  "PROD_NOT_ALLOWED",
  "UNPROVED",
  "MODEL_NOT_ALLOWED",
  "PERMISSION_MISSING",
] as const;
