/**
 * How the simulated AWS rounds: quantities to ten digits after the point, charges half up to the nano-dollar †. Nobody but the bill may
 * know it (test/architecture/bill.test.ts): a ledger that rounds alike would agree with it for the wrong reason.
 */

/** Quantities and prices stand in units of 10⁻¹⁰, as the price list and the Cost and Usage Report write them. */
const digits = 10_000_000_000;

/** Of 10⁻²⁰ in 10⁻⁹. */
const perNano = 100_000_000_000n;

const halfUp = (numerator: bigint, denominator: bigint): bigint =>
  (2n * numerator + denominator) / (2n * denominator);

/** @param usd USD for a unit, at most ten digits after the point */
export const priceOf = (usd: number): bigint => BigInt(Math.round(usd * digits));

/**
 * @param amount of what is used all the while: GiB, IOPS, places; whole, or a fraction of 2⁻²⁰
 * @param seconds as long, whole ones
 * @param perSeconds that make up a unit of time: 3600 of an hour
 */
export const quantityOf = (amount: number, seconds: number, perSeconds: number): bigint => {
  const scale = 1_048_576;
  const parts = BigInt(Math.round(amount * scale)) * BigInt(seconds) * BigInt(digits);
  return halfUp(parts, BigInt(scale) * BigInt(perSeconds));
};

export const chargeOf = (quantity: bigint, price: bigint): bigint =>
  halfUp(quantity * price, perNano);

export const numberOf = (quantity: bigint): number => Number(quantity) / digits;
