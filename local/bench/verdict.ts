/** How a figure is set beside its aim. */

export const verdict = (isMet: boolean | undefined): string =>
  isMet === undefined ? "-" : isMet ? "pass" : "MISS";

export const whole = (value: number): string => value.toFixed(0);
