/** The used part of jStat, which has no types. */
declare module "jstat" {
  interface StudentT {
    /** Quantile of the t distribution. */
    inv(probability: number, degreesOfFreedom: number): number;
    /** Probability of a value up to `t`. */
    cdf(t: number, degreesOfFreedom: number): number;
  }
  export const jStat: { readonly studentt: StudentT };
  const whole: { readonly jStat: typeof jStat };
  // biome-ignore lint/style/noDefaultExport: a CommonJS module
  export default whole;
}
