import type { Receipt } from '@meterwire/client';
import { instantInZone } from '../../logic/dates.ts';
import { formatUsdExact, formatUsdSigned, isZeroUsd } from '../../logic/money.ts';
import { formatInteger } from '../../logic/number.ts';
import { basisName, bucketName, extrasOf, type Fact, factsOf, tokensOf } from '../../logic/receipt.ts';

/** What it cost and how that came about, then what it was. */
export function ReceiptBody({ receipt, tz }: { receipt: Receipt; tz: string }) {
  const extras = extrasOf(receipt);
  return (
    <div className="mw-receipt">
      {receipt.voided_at && (
        <p className="mw-problem">
          Voided {instantInZone(receipt.voided_at, tz)}: it is in no total any more.
        </p>
      )}
      <div className="mw-receipt-cost">
        <p className="mw-receipt-amount">
          {receipt.cost_usd == null ? 'No price' : formatUsdExact(receipt.cost_usd)}
        </p>
        {receipt.cost_usd != null && <p className="mw-receipt-basis">{basisName(receipt.basis)}</p>}
      </div>
      <p className="mw-receipt-text">{receipt.explanation}</p>
      {receipt.account && <Account account={receipt.account} />}
      {receipt.price && <PriceOf price={receipt.price} tz={tz} />}
      <section className="mw-receipt-part" aria-label="Tokens">
        <h3 className="mw-receipt-title">Tokens</h3>
        <dl className="mw-facts">
          {tokensOf(receipt).map(({ key, label, value, isPart }) => (
            <div key={key} className={`mw-fact ${isPart ? 'mw-fact-part' : ''}`}>
              <dt>{label}</dt>
              <dd className="mw-num">{value}</dd>
            </div>
          ))}
        </dl>
      </section>
      <Facts title="Event" facts={factsOf(receipt, tz)} />
      {extras.length > 0 && <Facts title="Metrics and properties" facts={extras} />}
    </div>
  );
}

function Facts({ title, facts }: { title: string; facts: readonly Fact[] }) {
  return (
    <section className="mw-receipt-part" aria-label={title}>
      <h3 className="mw-receipt-title">{title}</h3>
      <dl className="mw-facts">
        {facts.map(({ label, value }) => (
          <div className="mw-fact" key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** Quantity times rate is the amount, the amounts are the sum, and the sum rounded once is the cost. */
function Account({ account }: { account: NonNullable<Receipt['account']> }) {
  return (
    <section className="mw-receipt-part" aria-label="How the cost came about">
      <h3 className="mw-receipt-title">How the cost came about</h3>
      <table className="mw-table mw-account">
        <thead>
          <tr>
            <th scope="col">Tokens</th>
            <th scope="col" className="mw-num">
              Quantity
            </th>
            <th scope="col" className="mw-num">
              $ a million
            </th>
            <th scope="col" className="mw-num">
              Amount
            </th>
          </tr>
        </thead>
        <tbody>
          {account.lines.map(({ bucket, quantity, rate_usd_per_million, amount_usd }) => (
            <tr key={bucket}>
              <th scope="row">{bucketName(bucket)}</th>
              <td className="mw-num">{formatInteger(quantity)}</td>
              <td className="mw-num">{formatUsdExact(rate_usd_per_million)}</td>
              <td className="mw-num">{formatUsdExact(amount_usd)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          {!isZeroUsd(account.rounding_usd) && (
            <>
              <tr>
                <th scope="row" colSpan={3}>
                  Sum
                </th>
                <td className="mw-num">{formatUsdExact(account.sum_usd)}</td>
              </tr>
              <tr>
                <th scope="row" colSpan={3}>
                  Rounded to nine decimals
                </th>
                <td className="mw-num">{formatUsdSigned(account.rounding_usd)}</td>
              </tr>
            </>
          )}
          <tr>
            <th scope="row" colSpan={3}>
              Total
            </th>
            <td className="mw-num">{formatUsdExact(account.total_usd)}</td>
          </tr>
        </tfoot>
      </table>
      <p className="mw-receipt-note">
        Rates of the {account.service_tier} tier
        {account.tier_fallback && ', as its own tier has none'}
        {account.context_above != null &&
          `, for more than ${formatInteger(account.context_above)} input tokens`}
        .
      </p>
    </section>
  );
}

function PriceOf({ price, tz }: { price: NonNullable<Receipt['price']>; tz: string }) {
  const from = price.valid_from ? instantInZone(price.valid_from, tz) : 'always';
  const to = price.valid_to ? instantInZone(price.valid_to, tz) : 'for good';
  const facts: Fact[] = [
    ...(price.model ? [{ label: 'Of', value: `${price.provider ?? ''} / ${price.model}` }] : []),
    { label: 'Holds from', value: from },
    { label: 'Until', value: to },
    ...(price.source
      ? [{ label: 'Taken from', value: price.source === 'override' ? 'your own prices' : price.source }]
      : []),
    { label: 'Id', value: price.id },
    ...(price.in_force === false
      ? [{ label: 'Note', value: 'The event is from before the first known price of its model.' }]
      : []),
  ];
  return <Facts title="Price" facts={facts} />;
}
