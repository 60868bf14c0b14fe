/**
 * The SDK's retry settings, the same for every client. There is one retry layer that waits, the workflow's
 * (back-off with full jitter); the SDK tries once more for what passes in milliseconds, and no more.
 */
import { StandardRetryStrategy } from "@smithy/core/retry";
import type { RetryErrorInfo, RetryStrategyV2, StandardRetryToken } from "@smithy/types";
import { isThrottle, launchRefusalOf } from "./error-codes.ts";

/** The first attempt and one more. */
const attempts = 2;

/**
 * EC2 sends InsufficientInstanceCapacity as HTTP 500, which the SDK takes for an outage. It is an answer: the
 * next pool is to be tried, and a repetition only uses up the small RunInstances bucket (5, refilled at 2/s).
 */
class RetryUnlessAnswered extends StandardRetryStrategy {
  readonly #tellThrottle: () => void;

  constructor(tellThrottle: () => void) {
    super(attempts);
    this.#tellThrottle = tellThrottle;
  }

  override async refreshRetryTokenForRetry(
    token: StandardRetryToken,
    info: RetryErrorInfo,
  ): Promise<StandardRetryToken> {
    const error: unknown = info.error;
    // The SDK rethrows the call's own error when no token is given.
    if (error instanceof Error && launchRefusalOf(error.name, error.message) !== undefined) {
      throw new Error(`${error.name} is an answer and is not retried`);
    }
    if (error instanceof Error && isThrottle(error.name)) this.#tellThrottle();
    return super.refreshRetryTokenForRetry(token, info);
  }
}

export interface SdkRetry {
  readonly maxAttempts: number;
  readonly retryStrategy: RetryStrategyV2;
}

/**
 * Spread into a client's configuration. Each has its own strategy: its retry quota is per client.
 * @param tellThrottle called for each attempt that AWS has throttled, the last one too
 */
export const sdkRetry = (tellThrottle: () => void): SdkRetry => ({
  maxAttempts: attempts,
  retryStrategy: new RetryUnlessAnswered(tellThrottle),
});
