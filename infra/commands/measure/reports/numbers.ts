/** A quantity with three significant digits: `25.1`, `0.0611`, `50,200`. */
export function quantity(value: number): string {
  if (value === 0) return "0";
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  const rounded = Number(value.toPrecision(3));
  return rounded.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** A share in percent: `4 %`, `0.3 %`. */
export function percent(share: number): string {
  const value = share * 100;
  return `${value < 1 && value > 0 ? value.toFixed(1) : value.toFixed(0)} %`;
}

/** A ratio with its interval: `1.10 (1.05 to 1.15)`. */
export function ratioText({ ratio, low, high }: { ratio: number; low: number; high: number }): string {
  return `${ratio.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`;
}

/** Time for people: `45 s`, `12 min`, `2 h 05 min`. */
export function timeText(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} min`;
}
