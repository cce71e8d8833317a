from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from cloudrec._contract.frames import discreet

if TYPE_CHECKING:
    import httpx

    from ...client import AuthenticatedClient, Client
    from ...types import Response

from ...models.acquire_request import AcquireRequest
from ...models.responses import AcquireResponse, Failure


def _get_kwargs(
    appid: str,
    *,
    body: AcquireRequest,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/v1/apps/{appid}/cloud_recording/acquire".format(
            appid=quote(str(appid), safe="!$&'()*+,;=:@"),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> AcquireResponse | Failure | None:
    if response.status_code == 200:
        response_200 = AcquireResponse(response.json())

        return response_200

    if response.status_code == 400:
        response_400 = Failure(response.json())

        return response_400

    if response.status_code == 401:
        response_401 = Failure(response.json())

        return response_401

    if response.status_code == 403:
        response_403 = Failure(response.json())

        return response_403

    if response.status_code == 404:
        response_404 = Failure(response.json())

        return response_404

    if response.status_code == 429:
        response_429 = Failure(response.json())

        return response_429

    if response.status_code == 500:
        response_500 = Failure(response.json())

        return response_500

    if client.raise_on_unexpected_status:
        from ... import errors

        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[AcquireResponse | Failure]:
    from ...types import Response

    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


@discreet
def sync_detailed(
    appid: str,
    *,
    client: AuthenticatedClient | Client,
    body: AcquireRequest,
) -> Response[AcquireResponse | Failure]:
    """Acquire a resource ID

     Reserves what one recording needs. The resource ID lives five minutes, serves one recording, and
    costs nothing when it is not used.

    Args:
        appid (str): App ID of the project.
        body (AcquireRequest): Body of `acquire`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[AcquireResponse | Failure]
    """

    kwargs = _get_kwargs(
        appid=appid,
        body=body,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


@discreet
def sync(
    appid: str,
    *,
    client: AuthenticatedClient | Client,
    body: AcquireRequest,
) -> AcquireResponse | Failure | None:
    """Acquire a resource ID

     Reserves what one recording needs. The resource ID lives five minutes, serves one recording, and
    costs nothing when it is not used.

    Args:
        appid (str): App ID of the project.
        body (AcquireRequest): Body of `acquire`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        AcquireResponse | Failure
    """

    return sync_detailed(
        appid=appid,
        client=client,
        body=body,
    ).parsed


@discreet
async def asyncio_detailed(
    appid: str,
    *,
    client: AuthenticatedClient | Client,
    body: AcquireRequest,
) -> Response[AcquireResponse | Failure]:
    """Acquire a resource ID

     Reserves what one recording needs. The resource ID lives five minutes, serves one recording, and
    costs nothing when it is not used.

    Args:
        appid (str): App ID of the project.
        body (AcquireRequest): Body of `acquire`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[AcquireResponse | Failure]
    """

    kwargs = _get_kwargs(
        appid=appid,
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


@discreet
async def asyncio(
    appid: str,
    *,
    client: AuthenticatedClient | Client,
    body: AcquireRequest,
) -> AcquireResponse | Failure | None:
    """Acquire a resource ID

     Reserves what one recording needs. The resource ID lives five minutes, serves one recording, and
    costs nothing when it is not used.

    Args:
        appid (str): App ID of the project.
        body (AcquireRequest): Body of `acquire`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        AcquireResponse | Failure
    """

    return (
        await asyncio_detailed(
            appid=appid,
            client=client,
            body=body,
        )
    ).parsed
