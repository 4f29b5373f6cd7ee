// Four routes of the shop with express and pg, the way most people would write them: parameterised queries, a pool, one
// transaction per write, and checks of the input. Correct under concurrency, since a faster wrong answer compares to nothing.
import express from 'express';
import pg from 'pg';
import { randomUUID } from 'node:crypto';

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 32 });
const app = express();
app.use(express.json({ limit: '64kb' }));

const toProduct = (row) => ({
  id: row.id,
  name: row.name,
  description: row.description,
  price: Number(row.price),
  category: row.category,
  stock: row.stock,
  inStock: row.stock > 0,
  version: Number(row.version),
});

const isQuantity = (value) => Number.isInteger(value) && value >= 1 && value <= 1000;

async function inTransaction(work) {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}

app.get('/products', async (req, res) => {
  const limit = Number(req.query.limit ?? 500);
  if (!Number.isInteger(limit) || limit < 1 || limit > 500) return res.status(400).json({ error: 'limit' });
  const { rows } = await pool.query('SELECT * FROM products ORDER BY name, id LIMIT $1', [limit]);
  const count = await pool.query('SELECT count(*) FROM products');
  res.set('X-Total-Count', count.rows[0].count).json(rows.map(toProduct));
});

app.get('/products/:id', async (req, res) => {
  const { rows } = await pool.query('SELECT * FROM products WHERE id = $1', [req.params.id]);
  if (rows.length === 0) return res.status(404).json({ error: 'no such product' });
  res.set('ETag', `"${rows[0].version}"`).json(toProduct(rows[0]));
});

app.post('/cart/:userId', async (req, res) => {
  const { userId } = req.params;
  const { productId, quantity } = req.body ?? {};
  if (!isQuantity(quantity)) return res.status(400).json({ error: 'quantity' });
  const cart = await inTransaction(async (client) => {
    const product = await client.query('SELECT name, price FROM products WHERE id = $1', [productId]);
    if (product.rows.length === 0) return null;
    await client.query(
      `INSERT INTO cart_items (user_id, product_id, quantity, name, unit_price, added_at)
       VALUES ($1, $2, $3, $4, $5, now())
       ON CONFLICT (user_id, product_id) DO UPDATE SET quantity = cart_items.quantity + excluded.quantity`,
      [userId, productId, quantity, product.rows[0].name, product.rows[0].price],
    );
    return client.query(
      `SELECT c.product_id, c.quantity, p.name, p.price, p.stock FROM cart_items c
       JOIN products p ON p.id = c.product_id WHERE c.user_id = $1 ORDER BY c.added_at`,
      [userId],
    );
  });
  if (cart === null) return res.status(404).json({ error: 'no such product' });
  const items = cart.rows.map((row) => ({
    productId: row.product_id,
    name: row.name,
    quantity: row.quantity,
    unitPrice: Number(row.price),
    lineTotal: (Math.round(Number(row.price) * 100) * row.quantity) / 100,
    inStock: row.stock > 0,
  }));
  res.json({ userId, items, total: items.reduce((sum, item) => sum + item.lineTotal, 0) });
});

app.post('/orders', async (req, res) => {
  const { userId = `guest-${randomUUID()}`, items } = req.body ?? {};
  if (!Array.isArray(items) || items.length < 1 || !items.every((item) => isQuantity(item.quantity))) {
    return res.status(400).json({ error: 'items' });
  }
  const sorted = [...items].sort((a, b) => (a.productId < b.productId ? -1 : 1));
  const order = await inTransaction(async (client) => {
    const lines = [];
    for (const { productId, quantity } of sorted) {
      const { rows } = await client.query('SELECT * FROM products WHERE id = $1 FOR UPDATE', [productId]);
      if (rows.length === 0 || rows[0].stock < quantity) return null;
      await client.query('UPDATE products SET stock = stock - $2, version = version + 1 WHERE id = $1', [
        productId,
        quantity,
      ]);
      lines.push({ productId, name: rows[0].name, quantity, unitPrice: rows[0].price });
    }
    const id = randomUUID();
    const cents = lines.reduce((sum, line) => sum + Math.round(Number(line.unitPrice) * 100) * line.quantity, 0);
    const placed = await client.query(
      `INSERT INTO orders (id, user_id, status, total, created_at) VALUES ($1, $2, 'confirmed', $3, now())
       RETURNING created_at`,
      [id, userId, cents / 100],
    );
    for (const [index, line] of lines.entries()) {
      await client.query(
        `INSERT INTO order_lines (order_id, position, product_id, name, quantity, unit_price)
         VALUES ($1, $2, $3, $4, $5, $6)`,
        [id, index + 1, line.productId, line.name, line.quantity, line.unitPrice],
      );
    }
    return { id, userId, status: 'confirmed', items: lines, total: cents / 100, createdAt: placed.rows[0].created_at };
  });
  if (order === null) return res.status(409).json({ error: 'not enough stock' });
  res.status(201).json(order);
});

app.listen(Number(process.env.PORT), '127.0.0.1');
