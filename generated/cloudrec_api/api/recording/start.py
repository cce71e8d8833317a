from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from cloudrec._contract.frames import discreet

if TYPE_CHECKING:
    import httpx

    from ...client import AuthenticatedClient, Client
    from ...types import Response

from ...models.mode import Mode
from ...models.responses import Failure, StartResponse
from ...models.start_request import StartRequest


def _get_kwargs(
    appid: str,
    resourceid: str,
    mode: Mode,
    *,
    body: StartRequest,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/v1/apps/{appid}/cloud_recording/resourceid/{resourceid}/mode/{mode}/start".format(
            appid=quote(str(appid), safe="!$&'()*+,;=:@"),
            resourceid=quote(str(resourceid), safe="!$&'()*+,;=:@"),
            mode=quote(str(mode), safe="!$&'()*+,;=:@"),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Failure | StartResponse | None:
    if response.status_code == 200:
        response_200 = StartResponse(response.json())

        return response_200

    if response.status_code == 201:
        response_201 = Failure(response.json())

        return response_201

    if response.status_code == 206:
        response_206 = Failure(response.json())

        return response_206

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
) -> Response[Failure | StartResponse]:
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
    resourceid: str,
    mode: Mode,
    *,
    client: AuthenticatedClient | Client,
    body: StartRequest,
) -> Response[Failure | StartResponse]:
    """Start recording

     Starts the one recording that the resource ID serves. Send it within five minutes of `acquire`
    (within two seconds is the advice), with the same `cname` and `uid`.

    Args:
        appid (str): App ID of the project.
        resourceid (str): Resource ID from `acquire`. Opaque; letters, digits and `-_.~+=` have
            been seen.
        mode (Mode): `raw` records every user to files of their own, `mix` all users into one
            picture, `web` a web page. `individual` is what came before `raw`.
        body (StartRequest): Body of `start`. Which fields `clientRequest` takes depends on the
            mode in the path.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Failure | StartResponse]
    """

    kwargs = _get_kwargs(
        appid=appid,
        resourceid=resourceid,
        mode=mode,
        body=body,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


@discreet
def sync(
    appid: str,
    resourceid: str,
    mode: Mode,
    *,
    client: AuthenticatedClient | Client,
    body: StartRequest,
) -> Failure | StartResponse | None:
    """Start recording

     Starts the one recording that the resource ID serves. Send it within five minutes of `acquire`
    (within two seconds is the advice), with the same `cname` and `uid`.

    Args:
        appid (str): App ID of the project.
        resourceid (str): Resource ID from `acquire`. Opaque; letters, digits and `-_.~+=` have
            been seen.
        mode (Mode): `raw` records every user to files of their own, `mix` all users into one
            picture, `web` a web page. `individual` is what came before `raw`.
        body (StartRequest): Body of `start`. Which fields `clientRequest` takes depends on the
            mode in the path.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Failure | StartResponse
    """

    return sync_detailed(
        appid=appid,
        resourceid=resourceid,
        mode=mode,
        client=client,
        body=body,
    ).parsed


@discreet
async def asyncio_detailed(
    appid: str,
    resourceid: str,
    mode: Mode,
    *,
    client: AuthenticatedClient | Client,
    body: StartRequest,
) -> Response[Failure | StartResponse]:
    """Start recording

     Starts the one recording that the resource ID serves. Send it within five minutes of `acquire`
    (within two seconds is the advice), with the same `cname` and `uid`.

    Args:
        appid (str): App ID of the project.
        resourceid (str): Resource ID from `acquire`. Opaque; letters, digits and `-_.~+=` have
            been seen.
        mode (Mode): `raw` records every user to files of their own, `mix` all users into one
            picture, `web` a web page. `individual` is what came before `raw`.
        body (StartRequest): Body of `start`. Which fields `clientRequest` takes depends on the
            mode in the path.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Failure | StartResponse]
    """

    kwargs = _get_kwargs(
        appid=appid,
        resourceid=resourceid,
        mode=mode,
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


@discreet
async def asyncio(
    appid: str,
    resourceid: str,
    mode: Mode,
    *,
    client: AuthenticatedClient | Client,
    body: StartRequest,
) -> Failure | StartResponse | None:
    """Start recording

     Starts the one recording that the resource ID serves. Send it within five minutes of `acquire`
    (within two seconds is the advice), with the same `cname` and `uid`.

    Args:
        appid (str): App ID of the project.
        resourceid (str): Resource ID from `acquire`. Opaque; letters, digits and `-_.~+=` have
            been seen.
        mode (Mode): `raw` records every user to files of their own, `mix` all users into one
            picture, `web` a web page. `individual` is what came before `raw`.
        body (StartRequest): Body of `start`. Which fields `clientRequest` takes depends on the
            mode in the path.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Failure | StartResponse
    """

    return (
        await asyncio_detailed(
            appid=appid,
            resourceid=resourceid,
            mode=mode,
            client=client,
            body=body,
        )
    ).parsed
