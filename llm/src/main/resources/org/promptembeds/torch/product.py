# Products whose factors are left to who goes on with them. TorchScript source, see decoder.py.
#
# Shapes:
#   T rows      O outputs


# values, T O, times a factor for each row, T 1, and one for each column, O; or as they are.
class Product(NamedTuple):
    values : Tensor
    rows : Optional[Tensor]
    columns : Optional[Tensor]


def plain(values: Tensor) -> __torch__.product.Product:
    nothing : Optional[Tensor] = None
    return __torch__.product.Product(values, nothing, nothing)


def narrowed(p: __torch__.product.Product, rows: Tensor) -> __torch__.product.Product:
    """Some rows of a product."""
    factors = p.rows
    if factors is not None:
        factors = factors.index_select(0, rows)

    return __torch__.product.Product(p.values.index_select(0, rows), factors, p.columns)


def applied(p: __torch__.product.Product) -> Tensor:
    """The values with their factors: T O."""
    rows, columns = p.rows, p.columns
    if rows is None or columns is None:
        return p.values

    return (p.values.float() * rows * columns).to(p.values.dtype)
